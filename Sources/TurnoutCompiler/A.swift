import Turnout
import Yams
