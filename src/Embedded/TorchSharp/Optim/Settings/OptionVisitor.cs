namespace TorchSharp.Modules;

/// <summary>Goes through an optimizer's options in the order in which they are saved.</summary>
internal abstract class OptionVisitor
{
    public abstract void On(ref double? option);

    public abstract void On(ref bool? option);
}
