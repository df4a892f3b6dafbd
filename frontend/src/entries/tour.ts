/* The tour needs a look of its own, and no script. */
import "../styles/tour.css";
