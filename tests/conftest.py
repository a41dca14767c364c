"""How properties are tested: never by the clock."""

from hypothesis import HealthCheck, settings

settings.register_profile("kreglint", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kreglint")
