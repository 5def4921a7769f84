using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    public OptimizerState(Parameter parameter) => _parameter = parameter;

    public virtual void Initialize(OptimizerOptions options)
    {
    }

    public virtual void to(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        Device.Check(device.type);
    }

    public abstract bool ApproximatelyEquals(OptimizerState other);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public abstract void SaveStateDict(BinaryWriter writer);

    /// <summary>A state tensor of zeros like the parameter, in no scope.</summary>
    internal Tensor Zeros() => torch.zeros_like(_parameter).DetachFromDisposeScope();

    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    /// <summary>Reads a tensor that may be absent into <paramref name="result"/>, which takes its shape from the parameter.</summary>
    internal void Load(BinaryReader reader, ref Tensor? result)
    {
        bool present = reader.ReadBoolean();
        if (!present)
        {
            result?.Dispose();
            result = null;
            return;
        }
        result ??= Zeros();
        result.Load(reader);
    }

    /// <summary>Copies a tensor that may be absent.</summary>
    internal void Take(Tensor? source, ref Tensor? target)
    {
        if (source is null)
        {
            target?.Dispose();
            target = null;
            return;
        }
        target ??= Zeros();
        using IDisposable mode = no_grad();
        target.copy_(source);
    }
}
