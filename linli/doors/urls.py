from django.urls import path

from linli.doors import portal, tiles, tour_views, wall

app_name = "doors"
urlpatterns = [
    path("", portal.portal, name="portal"),
    path("tiles/<slug:name>/<int:z>/<int:x>/<int:y>.mvt", tiles.tile, name="tile"),
    path("wall/", wall.wall, name="wall"),
    path("wall/panels/<slug:key>", wall.wall_panel, name="wall_panel"),
    path("tour", tour_views.stories, name="tour"),
    path("tour/enter/<slug:username>", tour_views.enter, name="tour_enter"),
    path("tour/again/<slug:key>", tour_views.again, name="tour_again"),
]
