using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Layers;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Adapters;

/// <summary>
/// The low-rank updates of a model's projections. While it is attached the model's passes have them; the model's own
/// parameters stay as they are. PEFT's names: <c>PROJECTION.lora_A.weight</c> (r, in), <c>PROJECTION.lora_B.weight</c> (out, r).
/// </summary>
public sealed class LoraAdapter : NamedParameterModule
{
    const string A = ".lora_A.weight", B = ".lora_B.weight";
    readonly LanguageModel _model;
    readonly IReadOnlyList<string> _projections;

    /// <summary>Attaches updates with uninitialised weights: load or <see cref="Initialise"/> them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">Rank and alpha.</param>
    /// <param name="projections">The projections' names.</param>
    public LoraAdapter(LanguageModel model, LoraPlan settings, IReadOnlyList<string> projections)
        : base("lora", Layout(model, settings, projections), model.Device)
    {
        (_model, Settings, _projections) = (model, settings, projections);
        foreach (string name in projections)
            model.Projections[name].Adapter = new LowRank(Named[name + A], Named[name + B], settings.ScaleOf(name));
    }

    /// <summary>The names of the parameters that an adapter of these projections has.</summary>
    public static IReadOnlyList<string> ParameterNames(IReadOnlyList<string> projections) =>
        [.. projections.SelectMany(name => (string[])[name + A, name + B])];

    /// <summary>Rank, alpha and targets.</summary>
    public LoraPlan Settings { get; }

    /// <summary>
    /// Draws A from PyTorch's uniform default for a projection, a function of <paramref name="seed"/> alone; B is 0, so the model is
    /// unchanged.
    /// </summary>
    public void Initialise(long seed)
    {
        using var quiet = no_grad();
        using var draws = new Generator((ulong)seed, Device);
        foreach (var (name, parameter) in Named)
        {
            double bound = 1 / Math.Sqrt(parameter.shape[1]);
            if (name.EndsWith(A, StringComparison.Ordinal)) parameter.uniform_(-bound, bound, draws);
            else parameter.zero_();
        }
    }

    /// <summary>Adds the updates to the model's weights and detaches them.</summary>
    public void Merge()
    {
        using var quiet = no_grad();
        foreach (string name in _projections)
        {
            using var scope = NewDisposeScope();
            var projection = _model.Projections[name];
            var update = projection.Adapter!.Matrix(); // (out, in)
            projection.Weight.add_(projection.IsTransposed ? update.t() : update);
            projection.Adapter = null;
        }
    }

    static IEnumerable<ParameterShape> Layout(LanguageModel model, LoraPlan settings, IReadOnlyList<string> projections)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(projections);
        foreach (string name in projections)
        {
            var projection = model.Projections[name];
            yield return ParameterShape.Of(name + A, settings.RankOf(name), projection.Inputs);
            yield return ParameterShape.Of(name + B, projection.Outputs, settings.RankOf(name));
        }
    }
}
