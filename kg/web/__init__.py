"""The graph over HTTP: SPARQL, linked data, search; reads the store and the exports, writes nothing."""

from __future__ import annotations
