/** The parts of `geomagnetism` that have no types of their own: the model and its coefficients, by their five years. */

declare module "geomagnetism/lib/model.js" {
  interface Options {
    start_date: string;
    end_date: string;
  }

  export default class Model {
    constructor(options: Options);
    /** # Errors Where the day lies outside of the model's. */
    getTimedModel(day: Date): Model;
    /** Latitude, then longitude in degrees, and height in kilometres; `decl` in degrees to the east. */
    point(place: readonly [number, number, number?]): { decl: number };
  }
}
