namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>MAUVE over several seeds.</summary>
/// <param name="Mean">The mean over seeds.</param>
/// <param name="Spread">The standard deviation over seeds; null for one seed.</param>
/// <param name="BySeed">Each seed's score.</param>
/// <param name="Buckets">The clusters.</param>
/// <param name="Low">The lower end of the 95 % interval, or null where none was asked for.</param>
/// <param name="High">The upper end.</param>
public sealed record MauveScore(double Mean, double? Spread, IReadOnlyList<double> BySeed, int Buckets, double? Low = null, double? High = null);
