"""Methods on plain arrays that several rooms share."""

from riskmap.methods.ahp import AhpWeights, ahp_weights
from riskmap.methods.auroc import auroc, auroc_interval
from riskmap.methods.distributions import gamma_cdf, gamma_fit, l_moments, loglogistic_cdf, loglogistic_fit
from riskmap.methods.fire_spread import calm_rate_m_min, slope_factor, wind_factor, wind_force
from riskmap.methods.fwi import (
    FFMC_CONSTANT,
    FFMC_CONSTANT_EXACT,
    FireWeather,
    build_up_index,
    day_lengths,
    fire_season,
    fire_weather,
    fire_weather_index,
    initial_spread_index,
)
from riskmap.methods.information_value import class_counts, class_sum, cross_validated_sum, information_values
from riskmap.methods.risk_degree import risk_degree
from riskmap.methods.runs import Runs, dry_runs
from riskmap.methods.spi import rolling_sum, spei, spi, thornthwaite_mm
from riskmap.methods.stage import gumbel_interpolate, normal_depth_m, rational_peak_m3_s

__all__ = [
    "FFMC_CONSTANT",
    "FFMC_CONSTANT_EXACT",
    "AhpWeights",
    "FireWeather",
    "Runs",
    "ahp_weights",
    "auroc",
    "auroc_interval",
    "build_up_index",
    "calm_rate_m_min",
    "class_counts",
    "class_sum",
    "cross_validated_sum",
    "day_lengths",
    "dry_runs",
    "fire_season",
    "fire_weather",
    "fire_weather_index",
    "gamma_cdf",
    "gamma_fit",
    "gumbel_interpolate",
    "information_values",
    "initial_spread_index",
    "l_moments",
    "loglogistic_cdf",
    "loglogistic_fit",
    "normal_depth_m",
    "rational_peak_m3_s",
    "risk_degree",
    "rolling_sum",
    "slope_factor",
    "spei",
    "spi",
    "thornthwaite_mm",
    "wind_factor",
    "wind_force",
]
