"""The modules of plants: each has organizations, the rules that they are for, and may have parameters of rules and the
Regions that a scan is for."""

import govern
import lake
import meaning
import notice
import record

MODULES = (govern, lake, meaning, notice, record)
CASES = [(module, name) for module in MODULES for name in module.ORGANIZATIONS]
