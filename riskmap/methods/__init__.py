"""Methods on plain arrays that several rooms share."""

from riskmap.methods.ahp import AhpWeights, ahp_weights
from riskmap.methods.auroc import auroc, auroc_interval
from riskmap.methods.information_value import class_counts, class_sum, cross_validated_sum, information_values
from riskmap.methods.risk_degree import risk_degree
from riskmap.methods.stage import gumbel_interpolate, normal_depth_m, rational_peak_m3_s

__all__ = [
    "AhpWeights",
    "ahp_weights",
    "auroc",
    "auroc_interval",
    "class_counts",
    "class_sum",
    "cross_validated_sum",
    "gumbel_interpolate",
    "information_values",
    "normal_depth_m",
    "rational_peak_m3_s",
    "risk_degree",
]
