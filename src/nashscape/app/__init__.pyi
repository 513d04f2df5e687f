from .scenes import Scene as Scene
from .scenes import scene_from_data as scene_from_data
from .serving import serve as serve
