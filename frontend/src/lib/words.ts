/* The words TypeScript itself shows, in both languages; a page's own words come from the server by {% words %}. */

const zh = {
  justNow: "刚刚",
  minutesAgo: "{n} 分钟前",
  hoursAgo: "{n} 小时前",
  daysAgo: "{n} 天前",
  close: "关闭",
  sending: "正在提交，请不要重复点击。",
  failed: "没有成功。请检查网络后重试。",
  refused: "服务器没有接受：{what}",
  online: "实时",
  reconnecting: "正在重连",
  offline: "已断开",
  keys: "键盘快捷键",
  keyHelp: "显示这份帮助",
  keySearch: "到搜索框",
  keyClose: "关闭窗口",
  keyNext: "下一条",
  keyPrevious: "上一条",
  keyOpen: "打开",
  keySelect: "选中",
  remove: "移除 {name}",
  tooLarge: "{name} 超过 {limit} MB，请换一张小一些的。",
  wrongKind: "{name} 不是可以接受的文件类型。",
  chosen: "已选 {n} 个",
  kilobytes: "{n} KB",
  megabytes: "{n} MB",
  mapFailed: "地图无法显示：这台设备不支持 WebGL。请用下面的表格。",
  mapLoading: "正在载入地图…",
  tilesFailed: "有些底图没有载入，请检查网络。",
  indicative: "部分界线、道路为示意",
  zoomIn: "放大",
  zoomOut: "缩小",
  north: "转回正北",
  locate: "定位到我这里",
  locateFailed: "无法取得您的位置。请在地图上点选，或填写地址。",
  locateDenied: "没有定位权限。请在地图上点选，或填写地址。",
  locateOutside: "您现在的位置不在本市。请在地图上点选，或填写地址。",
  gestureCtrl: "按住 Ctrl 并滚动来缩放地图",
  gestureCommand: "按住 ⌘ 并滚动来缩放地图",
  gestureFingers: "用两根手指移动地图",
  attribution: "显示来源",
  pin: "位置标记。用方向键移动，按住 Shift 走得更远。",
  pinHint: "点地图放置标记，也可以拖动它。",
  pinMoved: "标记在经度 {lon}、纬度 {lat}",
  cluster: "{n} 件，点开放大",
  scaleMetres: "{n} 米",
  scaleKilometres: "{n} 公里",
  mapLabel: "地图",
  chartEmpty: "暂无数据",
  expired: "登录已过期，请重新登录。",
} as const;

type Key = keyof typeof zh;

const en: Record<Key, string> = {
  justNow: "just now",
  minutesAgo: "{n} min ago",
  hoursAgo: "{n} h ago",
  daysAgo: "{n} d ago",
  close: "Close",
  sending: "Sending. There is no need to press again.",
  failed: "That did not work. Check the connection and try again.",
  refused: "The server did not accept this: {what}",
  online: "Live",
  reconnecting: "Reconnecting",
  offline: "Disconnected",
  keys: "Keyboard shortcuts",
  keyHelp: "Show this help",
  keySearch: "Go to search",
  keyClose: "Close the window",
  keyNext: "Next line",
  keyPrevious: "Previous line",
  keyOpen: "Open",
  keySelect: "Select",
  remove: "Remove {name}",
  tooLarge: "{name} is larger than {limit} MB. Choose a smaller one.",
  wrongKind: "{name} is not a kind of file we can take.",
  chosen: "{n} chosen",
  kilobytes: "{n} KB",
  megabytes: "{n} MB",
  mapFailed: "The map cannot be shown: this device has no WebGL. Use the table below.",
  mapLoading: "Loading the map…",
  tilesFailed: "Parts of the base map did not load. Check the connection.",
  indicative: "Some boundaries and roads are indicative",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  north: "Turn north up",
  locate: "Go to where I am",
  locateFailed: "Your position could not be found. Choose it on the map or type the address.",
  locateDenied: "Access to your position was not allowed. Choose it on the map or type the address.",
  locateOutside: "You are outside the city now. Choose the place on the map or type the address.",
  gestureCtrl: "Hold Ctrl and scroll to zoom the map",
  gestureCommand: "Hold ⌘ and scroll to zoom the map",
  gestureFingers: "Use two fingers to move the map",
  attribution: "Show sources",
  pin: "Position marker. Move it with the arrow keys, further with Shift.",
  pinHint: "Press the map to place the marker, or drag it.",
  pinMoved: "The marker is at longitude {lon}, latitude {lat}",
  cluster: "{n} here, press to zoom in",
  scaleMetres: "{n} m",
  scaleKilometres: "{n} km",
  mapLabel: "Map",
  chartEmpty: "No data",
  expired: "Your session has ended. Log in again.",
};

/** Tell whether the page is in English. */
export function english(): boolean {
  return document.documentElement.lang.startsWith("en");
}

/** Return one of our own words in the page's language, its {places} filled. */
export function word(key: Key, fill: Record<string, string | number> = {}): string {
  return filled((english() ? en : zh)[key], fill);
}

/** Fill the {places} of a sentence. */
export function filled(text: string, fill: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
}
