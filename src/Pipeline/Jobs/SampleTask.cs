using DiffusionBatch.Pipeline.Cells;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>The part of a sampling job that is still to be done.</summary>
/// <param name="Manifest">The job.</param>
/// <param name="Root">The storage root, that the manifest's paths are relative to.</param>
/// <param name="Cells">The cells to sample; an <see cref="Results.ItemResult.Cell"/> is an index into this list.</param>
/// <param name="Items">The items to sample, read as they are asked for; none of them has an error of its own. Null says that there is none at
/// present, though more may follow: the sampler goes on with what it has, and asks again. It comes only while results are outstanding.</param>
public sealed record SampleTask(SampleManifest Manifest, string Root, IReadOnlyList<SamplerCell> Cells, IEnumerable<InputItem?> Items);
