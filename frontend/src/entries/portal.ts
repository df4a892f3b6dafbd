/* The city's front page needs a look of its own, and no script. */
import "../styles/portal.css";
