"""The SPARQL 1.1 Protocol's query operation over real HTTP, case by case as the recommendation has it."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
import rdflib

ASK = "ASK { ?s ?p ?o }"
ONTOLOGY = "https://w3id.org/paperkg/ontology"
BUILDS = f"{ONTOLOGY}/builds"
FORM = {"content-type": "application/x-www-form-urlencoded"}
DIRECT = {"content-type": "application/sparql-query"}
JSON = {"accept": "application/sparql-results+json"}
IN_ONTOLOGY = f"ASK {{ <{ONTOLOGY}> a ?type }}"


def true(response):
    assert response.status_code == 200, response.text
    return response.json()["boolean"]


# --- query operations that must succeed


def test_query_by_get(client):
    assert true(client.get("/sparql", params={"query": ASK})) is True


def test_query_by_get_with_spaces_as_plus(client):
    assert true(client.get("/sparql?query=ASK+%7B+%3Fs+%3Fp+%3Fo+%7D")) is True


def test_query_by_post_form(client):
    assert true(client.post("/sparql", data={"query": ASK})) is True


def test_query_by_post_form_with_a_charset(client):
    headers = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
    assert true(client.post("/sparql", content=b"query=ASK%20%7B%7D", headers=headers)) is True


def test_query_by_post_direct(client):
    assert true(client.post("/sparql", content=ASK, headers=DIRECT)) is True


def test_query_by_post_direct_in_utf_8(client):
    text = 'SELECT ("é שלום 😀" AS ?x) {}'.encode()
    headers = {"content-type": "application/sparql-query; charset=utf-8"}
    found = client.post("/sparql", content=text, headers=headers).json()
    assert found["results"]["bindings"][0]["x"]["value"] == "é שלום 😀"


@pytest.mark.parametrize("method", ["get", "form", "direct"])
@pytest.mark.parametrize(
    ("graphs", "query", "wanted"),
    [
        ([], IN_ONTOLOGY, False),
        ([("default-graph-uri", ONTOLOGY)], IN_ONTOLOGY, True),
        ([("default-graph-uri", ONTOLOGY), ("default-graph-uri", BUILDS)], IN_ONTOLOGY, True),
        ([("default-graph-uri", BUILDS)], IN_ONTOLOGY, False),
        ([("named-graph-uri", ONTOLOGY)], f"ASK {{ GRAPH <{ONTOLOGY}> {{ ?s ?p ?o }} }}", True),
        ([("named-graph-uri", ONTOLOGY)], f"ASK {{ GRAPH <{BUILDS}> {{ ?s ?p ?o }} }}", False),
        ([("named-graph-uri", ONTOLOGY)], ASK, False),
        (
            [("named-graph-uri", ONTOLOGY), ("named-graph-uri", BUILDS)],
            f"ASK {{ GRAPH <{ONTOLOGY}> {{ ?s ?p ?o }} GRAPH <{BUILDS}> {{ ?a ?b ?c }} }}",
            True,
        ),
        (
            [("default-graph-uri", ONTOLOGY), ("named-graph-uri", BUILDS)],
            f"ASK {{ <{ONTOLOGY}> a ?type . GRAPH <{BUILDS}> {{ ?s ?p ?o }} }}",
            True,
        ),
        # the request's data set goes before the query's own
        ([("default-graph-uri", ONTOLOGY)], f"ASK FROM <{BUILDS}> {{ <{ONTOLOGY}> a ?type }}", True),
        ([], f"ASK FROM <{ONTOLOGY}> {{ <{ONTOLOGY}> a ?type }}", True),
        ([], f"ASK FROM NAMED <{ONTOLOGY}> {{ GRAPH ?g {{ <{ONTOLOGY}> a ?type }} }}", True),
    ],
)
def test_query_with_a_data_set(client, method, graphs, query, wanted):
    if method == "get":
        response = client.get("/sparql", params=[("query", query), *graphs])
    elif method == "form":
        body = str(httpx.QueryParams([("query", query), *graphs]))
        response = client.post("/sparql", content=body, headers=FORM)
    else:
        response = client.post("/sparql", params=graphs, content=query, headers=DIRECT)
    assert true(response) is wanted


# --- content types of the results


SELECT = "SELECT ?s { ?s a kg:Dataset }"
RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


@pytest.mark.parametrize("media_type", RESULTS)
def test_select_in_each_format(client, media_type):
    response = client.get("/sparql", params={"query": SELECT}, headers={"accept": media_type})
    assert response.headers["content-type"].partition(";")[0] == media_type
    rows = list(ox.parse_query_results(response.content, RESULTS[media_type]))
    assert [row["s"].value.rpartition("/")[2] for row in rows] == ["dataset-tidemark"]


def test_select_as_csv(client):
    response = client.get("/sparql", params={"query": SELECT}, headers={"accept": "text/csv"})
    assert response.text == "s\r\nhttps://w3id.org/paperkg/data/concept/dataset-tidemark\r\n"


@pytest.mark.parametrize("media_type", ["application/sparql-results+json", "application/sparql-results+xml"])
def test_ask_in_each_format(client, media_type):
    response = client.get("/sparql", params={"query": ASK}, headers={"accept": media_type})
    assert response.headers["content-type"] == media_type
    if media_type.endswith("json"):
        assert json.loads(response.text)["boolean"] is True
    else:
        found = ElementTree.fromstring(response.text)
        assert found.find("{http://www.w3.org/2005/sparql-results#}boolean").text == "true"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize(
    "form", ["CONSTRUCT { ?s a ?t } WHERE { ?s a ?t }", "DESCRIBE ?s { ?s a kg:Dataset }"]
)
@pytest.mark.parametrize("media_type", GRAPHS)
def test_graphs_in_each_format(client, media_type, form):
    response = client.get("/sparql", params={"query": form}, headers={"accept": media_type})
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert len(rdflib.Graph().parse(data=response.text, format=GRAPHS[media_type])) > 3


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("application/json", "application/sparql-results+json"),
        ("text/html, application/xml;q=0.9, */*;q=0.8", "application/sparql-results+xml"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.9", "text/tab-separated-values"),
        ("*/*, application/sparql-results+json;q=0", "application/sparql-results+xml"),
        ("nonsense, text/csv; q=high, text/tab-separated-values", "text/tab-separated-values"),
    ],
)
def test_what_is_liked_best_is_given(client, accept, wanted):
    response = client.get("/sparql", params={"query": SELECT}, headers={"accept": accept})
    assert response.headers["content-type"].partition(";")[0] == wanted
    assert response.headers["vary"] == "accept"


def test_a_format_that_no_result_can_have_is_not_acceptable(client):
    response = client.get("/sparql", params={"query": SELECT}, headers={"accept": "image/png"})
    assert response.status_code == 406


# --- query operations that must fail


def test_no_query(client):
    for response in (client.get("/sparql?default-graph-uri=x"), client.post("/sparql", data={"x": "y"})):
        assert response.status_code == 400
        assert response.text.startswith("no queries") or response.text.startswith("no query")


def test_several_queries(client):
    response = client.get("/sparql", params=[("query", ASK), ("query", ASK)])
    assert (response.status_code, response.text) == (400, "2 queries: send one, as `query`\n")
    assert client.post("/sparql", params={"query": ASK}, content=ASK, headers=DIRECT).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method(client, method):
    assert client.request(method, "/sparql", params={"query": ASK}).status_code == 405


@pytest.mark.parametrize("kind", [None, "text/plain", "application/json", "application/sparql-update"])
def test_another_media_type(client, kind):
    headers = {"content-type": kind} if kind else {}
    assert client.post("/sparql", content=f"query={ASK}", headers=headers).status_code == 415


def test_a_form_that_is_sent_as_a_query(client):
    response = client.post("/sparql", content="query=ASK%20%7B%7D", headers=DIRECT)
    assert response.status_code == 400


def test_what_is_not_utf_8(client):
    assert client.post("/sparql", content=ASK.encode("utf-16"), headers=DIRECT).status_code == 400
    assert client.get("/sparql?query=ASK%20%7B%7D%23%ff").status_code == 400


def test_a_query_that_is_no_sparql_names_line_and_column(client):
    response = client.get("/sparql", params={"query": "ASK {\n ?s }"})
    assert response.status_code == 400
    assert response.text.startswith("line 2, column 6: expected")


@pytest.mark.parametrize("text", ["INSERT DATA { <a:a> <a:a> 1 }", "CLEAR ALL", "LOAD <file:///etc/passwd>"])
def test_no_update(client, text):
    assert client.get("/sparql", params={"query": text}).status_code == 400
    assert client.post("/sparql", data={"update": text}).status_code == 403
    headers = {"content-type": "application/sparql-update"}
    assert client.post("/sparql", content=text, headers=headers).status_code == 415


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    ],
)
def test_nothing_outside(client, text):
    assert client.get("/sparql", params={"query": text}).status_code == 403


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_no_graph_that_is_not_there(client, name):
    response = client.get("/sparql", params={"query": ASK, name: "http://127.0.0.1:9/"})
    assert response.status_code == 403
    assert response.text == "no graph <http://127.0.0.1:9/> in this data set, and none is fetched\n"


# --- the service description


@pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml"])
def test_the_endpoint_describes_itself(client, media_type):
    response = client.get("/sparql", headers={"accept": media_type})
    graph = rdflib.Graph().parse(data=response.text, format=media_type)
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    (service,) = graph.subjects(rdflib.RDF.type, sd.Service)
    assert str(graph.value(service, sd.endpoint)) == str(client.base_url).rstrip("/") + "/sparql"
    assert graph.value(service, sd.supportedLanguage) == sd.SPARQL11Query
    assert {str(name) for name in graph.objects(None, sd.name)} == {ONTOLOGY, BUILDS}


# --- real clients


def test_sparqlwrapper_is_answered(server):
    wrapper = pytest.importorskip("SPARQLWrapper")
    for method in (wrapper.GET, wrapper.POST):
        for send in (wrapper.URLENCODED, wrapper.POSTDIRECTLY) if method == wrapper.POST else (None,):
            client = wrapper.SPARQLWrapper(f"{server}/sparql")
            client.setMethod(method)
            if send:
                client.setRequestMethod(send)
            client.setReturnFormat(wrapper.JSON)
            client.setQuery("SELECT ?name { ?x a kg:Dataset ; skos:prefLabel ?name }")
            found = client.queryAndConvert()["results"]["bindings"]
            assert [row["name"]["value"] for row in found] == ["Tidemark"]
    client = wrapper.SPARQLWrapper(f"{server}/sparql")
    client.setReturnFormat(wrapper.TURTLE)
    client.setQuery("CONSTRUCT { ?x a kg:Dataset } WHERE { ?x a kg:Dataset }")
    assert b"kg:Dataset" in client.queryAndConvert()


def test_rdflibs_sparqlstore_is_answered(server):
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    for method in ("GET", "POST", "POST_FORM"):
        graph = rdflib.Graph(SPARQLStore(f"{server}/sparql", method=method))
        kg = rdflib.Namespace(f"{ONTOLOGY}#")
        datasets = list(graph.subjects(rdflib.RDF.type, kg.Dataset))
        assert [str(node).rpartition("/")[2] for node in datasets] == ["dataset-tidemark"]
        assert str(graph.value(datasets[0], rdflib.SKOS.prefLabel)) == "Tidemark"
        assert graph.query("ASK { ?s a <https://w3id.org/paperkg/ontology#Model> }").askAnswer is True
