"""Pure functions: arrays in, plotly figures out, in both themes."""

from core.figures.bars import word_bars, zipf_curve
from core.figures.curves import Baseline, Curve, loss_curves
from core.figures.map import Groups, Shade, label_order, word_map

__all__ = ["Baseline", "Curve", "Groups", "Shade", "label_order", "loss_curves", "word_bars", "word_map", "zipf_curve"]
