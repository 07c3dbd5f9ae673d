/** Types for the parts of `geomagnetism` without them: the model and its coefficients, by five-year period. */

declare module "geomagnetism/lib/model.js" {
  interface Options {
    start_date: string;
    end_date: string;
  }

  export default class Model {
    constructor(options: Options);
    /** # Errors If the day is outside the model's period. */
    getTimedModel(day: Date): Model;
    /** Latitude and longitude in degrees, height in kilometres; `decl` in degrees east. */
    point(place: readonly [number, number, number?]): { decl: number };
  }
}
