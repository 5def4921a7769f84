using System.Globalization;
using System.Text.Json.Serialization;
using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Adapters;

/// <summary>Which projections get low-rank updates, and of which rank (Hu et al. 2021, LoRA).</summary>
public sealed record LoraSettings
{
    /// <summary>r.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>alpha; the update is (alpha / r) B A.</summary>
    public double Alpha { get; init; } = 16;

    /// <summary>Whether the update is (alpha / sqrt(r)) B A (Kalajdzievski 2023, rsLoRA).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRankStabilized { get; init; }

    /// <summary>The projections: whole names, or their ends after a dot, such as <c>q_proj</c>.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>The projections by their whole names, where an adapter's file has more to say of them than <see cref="Targets"/>; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Chosen { get; init; }

    /// <summary>The ranks of projections that have others than <see cref="Rank"/>, by their whole names; or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? Ranks { get; init; }

    /// <summary>The alphas of projections that have others than <see cref="Alpha"/>, by their whole names; or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Alphas { get; init; }

    /// <summary>Whether the trained updates are added to the weights; otherwise they are kept beside them.</summary>
    public bool Merge { get; init; }

    /// <summary>A projection's r.</summary>
    public int RankOf(string projection) => Ranks is not null && Ranks.TryGetValue(projection, out int own) ? own : Rank;

    /// <summary>What a projection's B A is multiplied by: alpha / r, or alpha / sqrt(r).</summary>
    public double ScaleOf(string projection)
    {
        double alpha = Alphas is not null && Alphas.TryGetValue(projection, out double own) ? own : Alpha, rank = RankOf(projection);
        return alpha / (IsRankStabilized ? Math.Sqrt(rank) : rank);
    }

    /// <summary>What is wrong with the numbers, a line each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (Rank < 1) problems.Add($"lora.rank is {Rank}; expected at least 1");
        if (Alpha is not (> 0 and < double.PositiveInfinity)) problems.Add(string.Create(CultureInfo.InvariantCulture, $"lora.alpha is {Alpha}; expected more than 0"));
        if (Targets.Count == 0) problems.Add("lora.targets is empty; expected names of projections");
        return problems;
    }

    /// <summary>The projections that the targets name, in the model's order.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="problems">Receives a line for each target that names none.</param>
    public IReadOnlyList<string> Find(ModelConfig config, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(problems);
        if (Chosen is not null) return Chosen;
        var projections = Projections(config);
        foreach (string target in Targets)
            if (!projections.Exists(name => Names(target, name)))
                problems.Add($"lora.targets: '{target}' names no projection; there are {Kinds(projections)}");
        return [.. projections.Where(name => Targets.Any(target => Names(target, name)))];
    }

    /// <summary>All projections that can have updates, in the model's order.</summary>
    internal static List<string> Projections(ModelConfig config) =>
        [.. config.Family.Layout(config).Where(p => p.Shape.Length == 2 && p.Name.EndsWith(Weight, StringComparison.Ordinal) && !config.Family.IsTable(p.Name)).Select(p => p.Name[..^Weight.Length])];

    /// <summary>The last parts of projections' names, for messages.</summary>
    internal static string Kinds(IEnumerable<string> projections) => string.Join(", ", projections.Select(name => name[(name.LastIndexOf('.') + 1)..]).Distinct().Order(StringComparer.Ordinal));

    const string Weight = ".weight";

    static bool Names(string target, string projection) => projection == target || projection.EndsWith("." + target, StringComparison.Ordinal);
}
