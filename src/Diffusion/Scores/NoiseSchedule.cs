using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Diffusion.Scores;

/// <summary>
/// The total noise sigma(t) of a continuous-time process at the time t of [0, 1], and its rate (Lou et al. 2024, arXiv 2310.16834, section
/// 3.3).
/// </summary>
public abstract class NoiseSchedule
{
    /// <summary>sigma(0) and sigma(1) of the geometric schedule where nothing is said.</summary>
    public const double UsualMinimum = 1e-4, UsualMaximum = 20;

    /// <summary>sigma(t).</summary>
    public abstract double Sigma(double t);

    /// <summary>d sigma / d t.</summary>
    public abstract double Rate(double t);

    /// <summary>The schedule of a kind.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="minimum">sigma(0), where the schedule has it.</param>
    /// <param name="maximum">sigma(1), likewise.</param>
    public static NoiseSchedule Of(NoiseKind kind, double minimum = UsualMinimum, double maximum = UsualMaximum) => kind switch
    {
        NoiseKind.Loglinear => new LoglinearNoise(),
        NoiseKind.Geometric => new GeometricNoise(minimum, maximum),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

/// <summary>sigma(t) = -log(1 - (1 - e) t), e = 1e-3: the share of noised tokens, 1 - exp(-sigma), is (1 - e) t.</summary>
public sealed class LoglinearNoise : NoiseSchedule
{
    const double Epsilon = 1e-3;

    /// <inheritdoc/>
    public override double Sigma(double t) => -Math.Log(1 - (1 - Epsilon) * t);

    /// <inheritdoc/>
    public override double Rate(double t) => (1 - Epsilon) / (1 - (1 - Epsilon) * t);
}

/// <summary>sigma(t) = sigma_min^(1-t) sigma_max^t.</summary>
public sealed class GeometricNoise(double minimum, double maximum) : NoiseSchedule
{
    /// <inheritdoc/>
    public override double Sigma(double t) => Math.Pow(minimum, 1 - t) * Math.Pow(maximum, t);

    /// <inheritdoc/>
    public override double Rate(double t) => Sigma(t) * Math.Log(maximum / minimum);
}
