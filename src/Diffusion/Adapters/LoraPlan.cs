using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Adapters;

/// <summary>
/// Which projections get low-rank updates, and of which rank (Hu et al. 2021, LoRA): what a manifest asks for, and what adapters' files say
/// beyond it.
/// </summary>
public sealed record LoraPlan : LoraSettings
{
    /// <summary>A plan that an initializer fills in.</summary>
    public LoraPlan()
    {
    }

    /// <summary>The plan of what a manifest asks for.</summary>
    [SetsRequiredMembers]
    public LoraPlan(LoraSettings asked) : base(asked)
    {
    }

    /// <summary>Whether the update is (alpha / sqrt(r)) B A (Kalajdzievski 2023, rsLoRA).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRankStabilized { get; init; }

    /// <summary>
    /// The projections by their whole names, where an adapter's file has more to say of them than <see cref="LoraSettings.Targets"/>;
    /// otherwise null.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Chosen { get; init; }

    /// <summary>The ranks of projections that have others than <see cref="LoraSettings.Rank"/>, by their whole names; or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? Ranks { get; init; }

    /// <summary>The alphas of projections that have others than <see cref="LoraSettings.Alpha"/>, by their whole names; or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Alphas { get; init; }

    /// <summary>A projection's r.</summary>
    public int RankOf(string projection) => Ranks is not null && Ranks.TryGetValue(projection, out int own) ? own : Rank;

    /// <summary>What a projection's B A is multiplied by: alpha / r, or alpha / sqrt(r).</summary>
    public double ScaleOf(string projection)
    {
        double alpha = Alphas is not null && Alphas.TryGetValue(projection, out double own) ? own : Alpha, rank = RankOf(projection);
        return alpha / (IsRankStabilized ? Math.Sqrt(rank) : rank);
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
        [.. config.Family.Layout(config)
            .Where(p => p.Shape.Length == 2 && p.Name.EndsWith(Weight, StringComparison.Ordinal) && !config.Family.IsTable(p.Name))
            .Select(p => p.Name[..^Weight.Length])];

    /// <summary>The last parts of projections' names, for messages.</summary>
    internal static string Kinds(IEnumerable<string> projections) =>
        string.Join(", ", projections.Select(name => name[(name.LastIndexOf('.') + 1)..]).Distinct().Order(StringComparer.Ordinal));

    const string Weight = ".weight";

    static bool Names(string target, string projection) =>
        projection == target || projection.EndsWith("." + target, StringComparison.Ordinal);
}
