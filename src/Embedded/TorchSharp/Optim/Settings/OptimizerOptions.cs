namespace TorchSharp.Modules;

/// <summary>What an optimizer is set to, for a group.</summary>
public class OptimizerOptions
{
    /// <summary>The rate in use; the initial one where it is not set.</summary>
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    /// <summary>Sets the rate in use and the initial one.</summary>
    internal double Rate
    {
        init
        {
            LearningRate = value;
            InitialLearningRate = value;
        }
    }

    /// <summary>The decay rates, for optimizers of Adam's kin.</summary>
    internal virtual (double, double) Betas
    {
        get => throw new NotSupportedException($"{GetType().DeclaringType?.Name} has no betas.");
        set => throw new NotSupportedException($"{GetType().DeclaringType?.Name} has no betas.");
    }

    /// <summary>Shows the options besides the rates, in the order in which they are saved.</summary>
    internal virtual void Visit(OptionVisitor visitor)
    {
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        ArgumentNullException.ThrowIfNull(source);
        LearningRate = source.LearningRate;
        InitialLearningRate = source.InitialLearningRate;
        new OptionValues(source, true).GiveTo(this);
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
        Visit(new OptionReader(reader));
    }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate ?? InitialLearningRate);
        Visit(new OptionWriter(writer));
    }

    /// <summary>Takes from <paramref name="defaults"/> what is open here.</summary>
    internal void Complete(OptimizerOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        if (InitialLearningRate == 0) InitialLearningRate = LearningRate!.Value;
        new OptionValues(defaults, false).GiveTo(this);
    }
}
