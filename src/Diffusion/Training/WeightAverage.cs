using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>
/// An exponential moving average of weights (Polyak and Juditsky 1992; with the early decay of SEDD's published training): after update n
/// it goes over to the weights by 1 - min(decay, (1 + n) / (10 + n)).
/// </summary>
sealed class WeightAverage : IDisposable
{
    readonly Parameter[] _parameters;
    readonly double _decay;

    /// <summary>Begins with the weights as they are.</summary>
    public WeightAverage(IEnumerable<Parameter> parameters, double decay)
    {
        (_parameters, _decay) = ([.. parameters], decay);
        using var quiet = no_grad();
        Values = [.. _parameters.Select(p => p.clone().DetachFromDisposeScope())];
    }

    /// <summary>The averages, a tensor a parameter.</summary>
    public IReadOnlyList<Tensor> Values { get; }

    /// <summary>Takes in the weights after an update.</summary>
    /// <param name="updates">n, the updates so far.</param>
    public void Update(long updates)
    {
        using var quiet = no_grad();
        double keep = Math.Min(_decay, (1.0 + updates) / (10.0 + updates));
        for (int i = 0; i < _parameters.Length; i++) Values[i].lerp_(_parameters[i], (float)(1 - keep));
    }

    /// <summary>Puts the averages in the weights' place and the weights in theirs; again, it puts them back.</summary>
    public void Swap()
    {
        using var quiet = no_grad();
        for (int i = 0; i < _parameters.Length; i++)
        {
            using var weights = _parameters[i].clone();
            _parameters[i].copy_(Values[i]);
            Values[i].copy_(weights);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Values) tensor.Dispose();
    }
}
