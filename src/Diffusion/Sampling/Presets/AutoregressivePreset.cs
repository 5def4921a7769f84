using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// Left to right without a canvas: each token is predicted from those before it alone, by a model whose attention is causal or whose
/// prompt alone sees all of itself (prefix language model), until the closing token comes. Of its settings the searches in
/// <see cref="Autoregression"/> make the response.
/// </summary>
[Strategy("autoregressive", "writes one token after another from those before it, with a model that was trained so, until the closing "
    + "token or the length is reached, whatever `steps` says",
    Settings = [nameof(SamplerSettings.TopK), nameof(SamplerSettings.TopP), nameof(SamplerSettings.Beam), "cache=exact|none"],
    Traits = [StrategyTraits.TokenByToken, StrategyTraits.NextToken])]
public sealed class AutoregressivePreset : LeftToRightPreset
{
    /// <inheritdoc/>
    public override SamplerSettings Canonical(SamplerSettings settings)
    {
        var canonical = base.Canonical(settings) with { Closing = null };
        return canonical with
        {
            Cache = settings.Cache is CacheKind.None ? CacheKind.None : null,
            Beam = canonical.Temperature > 0 ? null : canonical.Beam
        };
    }
}
