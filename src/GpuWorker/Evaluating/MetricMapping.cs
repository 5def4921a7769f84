using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;
using Metrics = DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>A manifest's metrics in Evaluation's own terms.</summary>
internal static class MetricMapping
{
    /// <summary>The metric as the registry reads it; options that aren't given are left out, and references are the task's matter.</summary>
    public static Metrics.MetricSpec Map(MetricSpec metric) => new(EnumText.Of(metric.Name), metric.As, new Dictionary<string, object?>
    {
        ["tokenize"] = metric.Tokenize is { } tokenize ? EnumText.Of(tokenize) : null,
        ["smoothMethod"] = metric.SmoothMethod is { } smooth ? EnumText.Of(smooth) : null,
        ["smoothValue"] = metric.SmoothValue,
        ["lowercase"] = metric.Lowercase,
        ["effectiveOrder"] = metric.EffectiveOrder,
        ["charOrder"] = metric.CharOrder,
        ["wordOrder"] = metric.WordOrder,
        ["beta"] = metric.Beta,
        ["whitespace"] = metric.Whitespace,
        ["epsSmoothing"] = metric.EpsSmoothing,
        ["normalized"] = metric.Normalized,
        ["noPunct"] = metric.NoPunct,
        ["asianSupport"] = metric.AsianSupport,
        ["caseSensitive"] = metric.CaseSensitive,
        ["stemmer"] = metric.Stemmer,
        ["extract"] = metric.Extract is { } extract ? EnumText.Of(extract) : null,
        ["level"] = metric.Level is { } level ? EnumText.Of(level) : null,
        ["window"] = metric.Window,
        ["likelihoods"] = metric.Likelihoods,
        ["aggregation"] = metric.Aggregation is { } aggregation ? EnumText.Of(aggregation) : null,
        ["features"] = metric.Features,
        ["referenceFeatures"] = metric.ReferenceFeatures,
        ["numBuckets"] = metric.NumBuckets,
        ["kmeansExplainedVar"] = metric.KmeansExplainedVar,
        ["kmeansNumRedo"] = metric.KmeansNumRedo,
        ["kmeansMaxIter"] = metric.KmeansMaxIter,
        ["mauveScalingFactor"] = metric.MauveScalingFactor,
        ["seed"] = metric.Seed,
        ["seeds"] = metric.Seeds,
        ["pricePerHour"] = metric.PricePerHour,
        ["currency"] = metric.Currency,
    });
}
