/* Shapes of the page, packed as in the Encoded Polyline Algorithm Format, opened again. */
Object.assign(Riskmap, {
  /* A path as [lon, lat] of each corner. */
  unpack(text) {
    const path = [], place = [0, 0];
    for (let at = 0, axis = 0; at < text.length; axis = 1 - axis) {
      let bits, value = 0, shift = 0;
      do {
        bits = text.charCodeAt(at) - 63;
        value |= (bits & 31) << shift;
        shift += 5;
        at += 1;
      } while (bits > 31);
      place[axis] += value & 1 ? ~(value >> 1) : value >> 1;
      if (axis) path.push([place[1] / 1e5, place[0] / 1e5]);
    }
    return path;
  },

  unpackPaths(nest) {
    if (typeof nest === "string") return this.unpack(nest);
    return Array.isArray(nest) ? nest.map((one) => this.unpackPaths(one)) : nest;
  },

  /* Every shape in a part of the document. */
  unpackShapes(part) {
    if (part === null || typeof part !== "object") return;
    if (part.type && "coordinates" in part) part.coordinates = this.unpackPaths(part.coordinates);
    else for (const one of Array.isArray(part) ? part : Object.values(part)) this.unpackShapes(one);
  },
});
