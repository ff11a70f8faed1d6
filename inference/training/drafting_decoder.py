"""The recipe of the language decoder: a small gated recurrent network over our report grammar.

Run as ``python -m inference.training.drafting_decoder PACK_FOLDER``; needs torch and onnx.
It writes ``decoder.onnx`` (one step: token and state in, scores and state out) and
``vocabulary.json`` into the folder, and prints the figures of the card.
"""

from __future__ import annotations

import argparse
import json
import logging
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from inference.training.drafting_language import PADDING, Sample, samples, vocabulary
from inference.vlm.grammar import parse_grammar

log = logging.getLogger(__name__)

SEED = 20261121
WIDTH = 192
"""Width of the recurrent state: about 0.3 M parameters, a tenth of a millisecond per word."""

EMBEDDING = 96
BATCH = 64
RATE = 2e-3


class WordModel(nn.Module):
    """Embeds tokens, carries a state, scores the next token."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(tokens, EMBEDDING, padding_idx=0)
        self.recur = nn.GRU(EMBEDDING, WIDTH, batch_first=True)
        self.score = nn.Linear(WIDTH, tokens)

    def forward(
        self, token: torch.Tensor, state: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return scores (batch, length, tokens) and the state after the last token."""
        hidden, after = self.recur(self.embed(token), state)
        return self.score(hidden), after


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained decoder, its vocabulary, and its figures on unseen lines.

    Attributes:
        model: the network.
        numbers: token -> number.
        perplexity: of the words (not of the facts told) of unseen lines.
    """

    model: WordModel
    numbers: dict[str, int]
    perplexity: float


def train(grammar: Path, *, lines: int, steps: int) -> Trained:
    """Train a decoder on made-up facts.

    Args:
        grammar: sentence patterns of the pack.
        lines: training lines to draw.
        steps: optimizer steps.
    """
    torch.manual_seed(SEED)
    kinds = parse_grammar(grammar.read_bytes())
    corpus = list(samples(kinds, np.random.default_rng(SEED), lines))
    unseen = list(samples(kinds, np.random.default_rng(SEED + 1), max(64, lines // 10)))
    numbers = vocabulary(corpus)
    model = WordModel(len(numbers))
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    rng = np.random.default_rng(SEED + 2)
    for step in range(steps):
        chosen = [corpus[int(n)] for n in rng.integers(len(corpus), size=BATCH)]
        loss = _loss(model, *_batch(chosen, numbers))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            log.info("decoder step %d loss %.3f", step, float(loss.detach()))
    with torch.no_grad():
        perplexity = float(torch.exp(_loss(model.eval(), *_batch(unseen, numbers))))
    return Trained(model, numbers, perplexity)


def export(trained: Trained, folder: Path) -> None:
    """Write the decoder and its vocabulary into a pack folder."""
    example = (torch.zeros((1, 1), dtype=torch.int64), torch.zeros((1, 1, WIDTH)))
    with warnings.catch_warnings():
        # The tracing exporter suits a network of three layers and needs no further part.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            trained.model.eval(),
            example,
            str(folder / "decoder.onnx"),
            opset_version=17,
            input_names=["token", "state"],
            output_names=["scores", "next_state"],
            dynamo=False,
        )
    ordered = sorted(trained.numbers, key=trained.numbers.__getitem__)
    text = json.dumps({"tokens": ordered}, indent=0, ensure_ascii=False)
    (folder / "vocabulary.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Train and export from the command line."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lines", type=int, default=20000)
    parser.add_argument("--steps", type=int, default=1500)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    trained = train(arguments.folder / "grammar.toml", lines=arguments.lines, steps=arguments.steps)
    export(trained, arguments.folder)
    count = sum(parameter.numel() for parameter in trained.model.parameters())
    log.info("decoder: %d parameters, perplexity %.2f", count, trained.perplexity)


def _batch(lines: list[Sample], numbers: dict[str, int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return tokens in and tokens wanted (0 where nothing is learned), padded."""
    rows = [(line.told, line.said) for line in lines]
    length = max(len(told) + len(said) for told, said in rows) - 1
    given: NDArray[np.int64] = np.full((len(rows), length), numbers[PADDING], dtype=np.int64)
    wanted = np.zeros_like(given)
    for row, (told, said) in enumerate(rows):
        line = [numbers.get(token, numbers["<word>"]) for token in (*told, *said)]
        given[row, : len(line) - 1] = line[:-1]
        wanted[row, len(told) - 1 : len(line) - 1] = line[len(told) :]
    return torch.from_numpy(given), torch.from_numpy(wanted)


def _loss(model: WordModel, given: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    state = torch.zeros((1, given.shape[0], WIDTH))
    scores, _ = model(given, state)
    return nn.functional.cross_entropy(scores.flatten(0, 1), wanted.flatten(), ignore_index=0)


if __name__ == "__main__":
    main()
