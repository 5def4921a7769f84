using System.Text.RegularExpressions;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>
/// Which of an adapter file's tensors is for which parameter. PEFT's names are <c>base_model.model.MODULE.lora_A.weight</c>;
/// writers leave the prefix out, put others before it, or keep the adapter's own name, as in <c>lora_A.default.weight</c>.
/// </summary>
sealed partial class AdapterTensors
{
    /// <summary>What PEFT puts before a module's name.</summary>
    public const string Prefix = "base_model.model.";

    readonly Dictionary<string, string> _tensors = new(StringComparer.Ordinal);

    /// <summary>Sorts a file's tensors.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="config">The model's configuration.</param>
    public AdapterTensors(SafeTensorsReader reader, ModelConfig config)
    {
        var projections = LoraPlan.Projections(config).ToHashSet(StringComparer.Ordinal);
        string Projection(string module) => config.Family.Canonical(module + ".weight", config)[..^".weight".Length];
        var names = new TensorNames(reader.Tensors.Keys, name => Parameter().Match(name) is { Success: true } match
            && projections.Contains(Projection(match.Groups["module"].Value)), Prefix);
        bool isWhole = false, isBody = false;
        foreach (string tensor in reader.Tensors.Keys.Order(StringComparer.Ordinal))
        {
            var match = Parameter().Match(names.Plain(tensor));
            string module = match.Groups["module"].Value, projection = match.Success ? Projection(module) : "";
            if (!projections.Contains(projection) || !_tensors.TryAdd($"{projection}.lora_{match.Groups["part"].Value}.weight", tensor))
                continue;
            if (projection == module) isWhole |= projection.StartsWith(config.Family.BodyPrefix, StringComparison.Ordinal);
            else isBody = true;
        }
        IsOfBody = isBody && !isWhole;
    }

    /// <summary>The tensor of a parameter; null where there is none.</summary>
    public string? Find(string parameter) => _tensors.GetValueOrDefault(parameter);

    /// <summary>
    /// Whether the adapter was made for the body alone, whose modules' names lack its prefix: so do those that its patterns are for.
    /// </summary>
    public bool IsOfBody { get; }

    [GeneratedRegex(@"^(?<module>.+)\.lora_(?<part>[AB])(?:\.[^.]+)?\.weight$")]
    private static partial Regex Parameter();
}
