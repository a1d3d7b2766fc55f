"""What decides how litres and kilowatt-hours are read from levels and counters: each with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnergyParameters:
    """Parameters of fuel, electricity and charging; ``docs/vehicle-energy.md`` explains them.

    They are this system's choice, no standard. Traccar leaves the steps of a level to a setting in litres and
    counts the difference of the ends as use.

    level_step_pct
        A change of the level by this share of the tank, held, is a filling or a drop: more than slosh and
        slopes move the median of two minutes.
    level_step_l
        The same where the tank's size is not known.
    block_s
        Levels are looked at by the median of this long; 12 messages at one each 10 s.
    held_s
        A new level must hold for this long, or until the last message.
    greatest_burn_l_per_h
        No engine of an official vehicle burns more; what falls faster was not burnt.
    anchor_s
        The level at an end of a trip is the median over this long.
    settle_s
        After the arrival a level settles, and a state of charge is told, within this time.
    sloshing_pct
        A level told in motion is not known better than this.
    told_noise_share
        A trip's litres are told where the noise at its ends is at most this share of what such a trip uses.
    usual_l_per_100km, usual_kwh_per_100km
        What such a trip uses where the vehicle has no quota; decides only whether a figure is told.
    rise_tolerated_pct
        A level or state of charge that ends a trip higher by less than this is noise; by more, not known.
    unseen_pct
        Where a filling or charging and a trip lie between the same two messages, the trip's use is told only
        if it is less than this share of the tank or battery: nothing, to the resolution.
    idle_l_per_h
        A passenger car's engine at idle, where no counter tells.
    dense_power_s
        Voltage and current are integrated over steps of at most this; GB/T 32960 sends each 30 s or oftener.
    dense_power_share
        Share of a trip's time that such steps must cover.
    rest_step_s
        Between messages farther apart than this a vehicle may have charged, even if it drove as well.
    charge_rise_pct
        A state of charge that rises by this much at rest was charged.
    charge_joined_s
        Breaks in charging up to this long are one session while the vehicle stays.
    charge_kw
        Less is standby of the vehicle.
    card_greatest_l_per_100km
        Fuel bought that would mean more was not all for the kilometres between.
    """

    level_step_pct: float = 8.0
    level_step_l: float = 4.0
    block_s: float = 120.0
    held_s: float = 1800.0
    greatest_burn_l_per_h: float = 60.0
    anchor_s: float = 120.0
    settle_s: float = 600.0
    sloshing_pct: float = 2.0
    told_noise_share: float = 0.25
    usual_l_per_100km: float = 8.0
    usual_kwh_per_100km: float = 16.0
    rise_tolerated_pct: float = 2.0
    unseen_pct: float = 1.0
    idle_l_per_h: float = 0.8
    dense_power_s: float = 35.0
    dense_power_share: float = 0.95
    rest_step_s: float = 600.0
    charge_rise_pct: float = 3.0
    charge_joined_s: float = 1800.0
    charge_kw: float = 0.3
    card_greatest_l_per_100km: float = 60.0


ENERGY_DEFAULTS = EnergyParameters()
"""What the pages and commands use where nothing is set."""
