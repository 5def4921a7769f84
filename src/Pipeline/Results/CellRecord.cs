using System.Text.Json.Nodes;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>A cell as <c>OUTPUT/manifest.json</c> lists it.</summary>
/// <param name="Cell">The cell's name, which is its folder's.</param>
/// <param name="Sampler">Its sampler settings, each with one value.</param>
/// <param name="Parts">The number of its part files.</param>
/// <param name="Cost">What its results cost.</param>
public sealed record CellRecord(string Cell, JsonObject Sampler, int Parts, CellCost Cost);
