namespace TorchSharp.Modules;

internal sealed class OptionReader(BinaryReader reader) : OptionVisitor
{
    public override void On(ref double? option) => option = reader.ReadDouble();

    public override void On(ref bool? option) => option = reader.ReadBoolean();
}
