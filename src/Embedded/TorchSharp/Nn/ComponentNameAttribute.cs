namespace TorchSharp.Utils;

/// <summary>The name under which a field is registered, in place of its own.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ComponentNameAttribute : Attribute
{
    public string Name { get; set; } = "";
}
