"""CoVe as one writes it first: torch's own layers, a decoder that steps in Python, the whole softmax, in float32."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from core.encoders.networks.cove import Network


class Plain(nn.Module):
    """Shapes and batches as `networks.cove.Network`, whose weights `copied` takes."""

    def __init__(self, words: int, others: int, width: int, layers: int):
        super().__init__()
        self.others, self.width = others, width
        self.embedding, self.output = nn.Embedding(words + 1, width), nn.Embedding(others + 3, width)
        self.bias = nn.Parameter(torch.zeros(others + 1))
        self.reading = nn.LSTM(width, width // 2, num_layers=layers, batch_first=True, bidirectional=True)
        self.writing = nn.ModuleList(nn.LSTMCell(width * (1 if place else 2), width) for place in range(layers))
        self.ask, self.join = nn.Linear(width, width), nn.Linear(2 * width, width)

    def forward(self, pairs: tuple, rate: float = 0.0) -> Tensor:
        """Mean nats to guess a word of the translation, or its end."""
        source, lengths, given, wanted = (torch.from_numpy(part) for part in pairs)
        self.reading.dropout = rate
        packed = pack_padded_sequence(
            F.dropout(self.embedding(source), rate), lengths, batch_first=True, enforce_sorted=False
        )
        memory, (said, kept) = self.reading(packed)
        memory, _ = pad_packed_sequence(memory, batch_first=True)
        mask = torch.arange(memory.shape[1]) >= lengths[:, None]
        states = [tuple(torch.cat([*each[2 * i : 2 * i + 2]], -1) for each in (said, kept))
                  for i in range(len(self.writing))]  # fmt: skip
        found, mixed = [], torch.zeros(len(source), self.width)
        for word in F.dropout(self.output(given), rate).unbind(1):
            x = torch.cat([word, mixed], -1)
            for i, cell in enumerate(self.writing):
                states[i] = cell(x, states[i])
                x = states[i][0]
            scores = (memory @ self.ask(x)[:, :, None])[:, :, 0]
            looks = scores.masked_fill(mask, -torch.inf).softmax(-1)
            mixed = self.join(torch.cat([(looks[:, None] @ memory)[:, 0], x], -1)).tanh()
            found.append(mixed)
        scores = F.linear(F.dropout(torch.stack(found, 1), rate), self.output.weight[: self.others + 1], self.bias)
        return F.cross_entropy(scores.flatten(0, 1), wanted.flatten(), ignore_index=-1)


def copied(network: Network) -> Plain:
    """The plain one with the weights of ours."""
    plain = Plain(len(network.embedding) - 1, network.others, network.embedding.shape[1], len(network.writing))
    for ours, theirs in zip(network.parameters(), by_our_names(network, plain)):
        theirs.data.copy_(ours.data)
    return plain


def by_our_names(network: Network, plain: Plain) -> list[nn.Parameter]:
    """The weights of the plain one, in the order of ours."""
    theirs, found = dict(plain.named_parameters()), []
    for name, _ in network.named_parameters():
        if name.startswith("reading."):
            _, layer, kind = name.split(".")
            name = "reading." + kind.replace("_l0", f"_l{layer}")
        found.append(theirs[f"{name}.weight" if name in ("embedding", "output") else name])
    return found
