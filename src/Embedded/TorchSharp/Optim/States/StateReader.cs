using static TorchSharp.torch;

namespace TorchSharp.Modules;

internal sealed class StateReader(BinaryReader reader) : StateVisitor
{
    public override void On(ref long value) => value = reader.ReadInt64();

    public override void On(ref double value) => value = reader.ReadDouble();

    public override void On(ref Tensor tensor) => tensor.Load(reader);

    public override void OnOptional(ref Tensor? tensor)
    {
        if (reader.ReadBoolean())
        {
            TensorExtensionMethods.Load(ref tensor, reader);
            tensor!.DetachFromDisposeScope();
            return;
        }
        tensor?.Dispose();
        tensor = null;
    }
}
