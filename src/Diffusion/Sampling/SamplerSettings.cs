namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>The sampler's choices for one cell of a sweep. Two equal records sample alike.</summary>
public sealed record SamplerSettings
{
    /// <summary>The named combination; <see cref="SamplerPreset.LeftToRight"/> ignores steps, re-masking, order and schedule.</summary>
    public SamplerPreset Preset { get; init; } = SamplerPreset.Rdm;

    /// <summary>S, the number of denoising steps, at least 1; independent of the T of training.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>Which written slots may be masked again.</summary>
    public ReMasking ReMask { get; init; } = ReMasking.Uncond;

    /// <summary>How slots are ranked.</summary>
    public Ranking Order { get; init; } = Ranking.Deterministic;

    /// <summary>c, the scale of the Gumbel noise of <see cref="Ranking.Stochastic"/>; finite, not negative.</summary>
    public double Noise { get; init; } = 1.0;

    /// <summary>How many slots stay masked after each step.</summary>
    public MaskSchedule Schedule { get; init; } = MaskSchedule.Cosine;

    /// <summary>0: the most probable token. Above 0: a draw from softmax(log p / temperature).</summary>
    public double Temperature { get; init; }

    /// <summary>Whether any draw enters, so that candidates of one length differ.</summary>
    internal bool IsRandom => Temperature > 0 || (Preset == SamplerPreset.Rdm && Order == Ranking.Stochastic && Noise > 0);

    /// <summary>The same sampler with every choice that has no effect at its default, so that equal behaviour means equal records.</summary>
    internal SamplerSettings Canonical()
    {
        if (Preset == SamplerPreset.LeftToRight) return new SamplerSettings { Preset = Preset, Temperature = Temperature };
        return Order == Ranking.Stochastic && Noise > 0 ? this : this with { Order = Ranking.Deterministic, Noise = 1.0 };
    }

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        if (!double.IsFinite(Noise) || Noise < 0) throw new ArgumentOutOfRangeException(nameof(Noise), Noise, "Noise is finite and not negative.");
        if (!double.IsFinite(Temperature) || Temperature < 0)
            throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "Temperature is finite and not negative.");
    }
}
