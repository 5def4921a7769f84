using static TorchSharp.torch;

namespace TorchSharp.Modules;

internal sealed class StateWriter(BinaryWriter writer) : StateVisitor
{
    public override void On(ref long value) => writer.Write(value);

    public override void On(ref double value) => writer.Write(value);

    public override void On(ref Tensor tensor) => tensor.Save(writer);

    public override void OnOptional(ref Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }
}
