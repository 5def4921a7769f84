namespace TorchSharp.Modules;

internal sealed class OptionWriter(BinaryWriter writer) : OptionVisitor
{
    public override void On(ref double? option) => writer.Write(option!.Value);

    public override void On(ref bool? option) => writer.Write(option!.Value);
}
