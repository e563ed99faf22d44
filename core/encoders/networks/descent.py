"""Gradient descent that can be taken apart into arrays and put together again, for every network that learns by steps.

AdamW: Loshchilov and Hutter (2019), Decoupled weight decay regularization. The learning rate rises in a line over at
most 100 steps and falls to a tenth along a cosine; a gradient longer than 1 is cut to 1.
"""

import math

import numpy as np
import torch
from torch import Tensor, nn

from core.problem import Problem, marked


class Descent:
    """A network, what AdamW keeps of each of its weights, and how many of `steps` steps are done."""

    def __init__(self, network: nn.Module, lr: float, steps: int):
        self.network, self.lr, self.steps, self.done = network, lr, steps, 0
        self._adamw = torch.optim.AdamW(network.parameters(), betas=(0.9, 0.99), fused=True)

    def step(self, loss: Tensor) -> float:
        """Move the weights down this loss and return it. Raises Problem, the weights unmoved, if it is not a number."""
        self._adamw.zero_grad()
        loss.backward()
        slopes = [weight.grad for weight in self.network.parameters() if weight.grad is not None]
        slope = nn.utils.get_total_norm(slopes)
        if not math.isfinite(loss.item() + slope.item()):
            sentence = marked("At step {step} the loss was no longer a number: choose a learning rate below {lr}.")
            raise Problem(sentence, step=self.done + 1, lr=self.lr)
        if slope > 1:
            nn.utils.clip_grads_with_norm_(self.network.parameters(), 1.0, slope)
        self._adamw.param_groups[0]["lr"] = self.lr * self._share()
        self._adamw.step()
        self.done += 1
        return loss.item()

    def _share(self) -> float:
        """The share of the learning rate that the next step takes."""
        warm = min(100, self.steps // 10 + 1)
        fallen = max(0, self.done - warm) / max(1, self.steps - warm)
        return min(1.0, (self.done + 1) / warm) * (0.55 + 0.45 * math.cos(math.pi * min(1.0, fallen)))

    def state(self, training: bool) -> dict[str, np.ndarray]:
        """`step`, each weight by its name in the network, and with `training` what AdamW keeps of it, as name:what."""
        tensors = dict(self.network.named_parameters())
        for name, weight in list(tensors.items()) if training else ():
            tensors |= {f"{name}:{what}": kept for what, kept in self._adamw.state.get(weight, {}).items()}
        arrays = {name: tensor.detach().cpu().numpy().copy() for name, tensor in tensors.items()}
        return {"step": np.array([self.done]), **arrays}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take up a state, with AdamW's part if it is there. Raises Problem if it is of a network of other sizes."""
        self.done = int(state["step"][0])
        for name, weight in self.network.named_parameters():
            if name not in state or state[name].shape != weight.shape:
                raise Problem(
                    "A run goes on with the sizes that it began with: leave them as they were, or start anew."
                )
            weight.data.copy_(torch.tensor(state[name]))
            kept = {key.removeprefix(f"{name}:"): state[key] for key in state if key.startswith(f"{name}:")}
            self._adamw.state[weight] = {
                what: torch.tensor(array, device=weight.device) for what, array in kept.items()
            }
