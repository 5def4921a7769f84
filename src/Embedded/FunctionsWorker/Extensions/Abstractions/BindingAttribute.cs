namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>The base of all binding attributes.</summary>
public abstract class BindingAttribute : Attribute
{
}
