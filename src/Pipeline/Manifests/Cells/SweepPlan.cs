using System.Globalization;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Manifests.Cells;

/// <summary>
/// Makes the cells of a sample job: the product of the sampler's settings that are lists. Steps vary slowest, then
/// the other lists in ordinal order of their paths, so that cells come in the order in which their names read.
/// </summary>
public static class SweepPlan
{
    /// <summary>The most cells of one job.</summary>
    public const int MaxCells = 1000;

    /// <summary>The cells of a job, in a stable order, with distinct names.</summary>
    public static IReadOnlyList<SamplerCell> Expand(SampleManifest manifest) => Expand(manifest.Sampler);

    /// <summary>The cells of a sampler's settings, in a stable order, with distinct names.</summary>
    public static IReadOnlyList<SamplerCell> Expand(SamplerSpec sampler)
    {
        var axes = Axes(sampler);
        var cells = new List<SamplerCell>();
        var choice = new Dictionary<string, object>(StringComparer.Ordinal);
        Choose(0);
        return cells;

        void Choose(int axis)
        {
            if (axis == axes.Count)
            {
                cells.Add(Cell(axes, choice));
                return;
            }
            foreach (object value in axes[axis].Setting.Objects)
            {
                choice[axes[axis].Path] = value;
                Choose(axis + 1);
            }
        }
    }

    /// <summary>The number of cells that <see cref="Expand(SamplerSpec)"/> would make, without making them.</summary>
    public static double Count(SamplerSpec sampler) => Axes(sampler).Aggregate(1.0, (n, axis) => n * axis.Setting.Objects.Count);

    /// <summary>A number in its shortest round-trip form, an enum's value as manifests write it.</summary>
    internal static string Text(object value) =>
        value is Enum ? EnumText.Of(value) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    static List<(string Path, IOneOrMany Setting)> Axes(SamplerSpec sampler)
    {
        var length = sampler.Length ?? new LengthSpec();
        var others = new List<(string Path, IOneOrMany Setting)>
        {
            ("preset", sampler.Preset), ("reMask", sampler.ReMask), ("order", sampler.Order), ("noise", sampler.Noise),
            ("schedule", sampler.Schedule), ("temperature", sampler.Temperature),
            ("length.source", length.Source), ("length.beam", length.Beam),
        };
        if (length.Value is not null) others.Add(("length.value", length.Value));
        others.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return [("steps", sampler.Steps), .. others];
    }

    static SamplerCell Cell(List<(string Path, IOneOrMany Setting)> axes, Dictionary<string, object> choice)
    {
        var source = (LengthSource)choice["length.source"];
        return new SamplerCell
        {
            Name = string.Join(',', axes.Where((axis, i) => i == 0 || axis.Setting.IsList).Select(axis => $"{axis.Path}={Text(choice[axis.Path])}")),
            Preset = (SamplerPreset)choice["preset"],
            Steps = (int)choice["steps"],
            ReMask = (ReMaskRule)choice["reMask"],
            Order = (RankingOrder)choice["order"],
            Noise = (double)choice["noise"],
            Schedule = (MaskSchedule)choice["schedule"],
            Temperature = (double)choice["temperature"],
            Length = new CellLength(
                source,
                source == LengthSource.Fixed && choice.TryGetValue("length.value", out object? value) ? (int)value : null,
                source == LengthSource.Predicted ? (int)choice["length.beam"] : 1),
        };
    }
}
