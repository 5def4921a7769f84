namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>The base of attributes that mark the parameter which starts a function.</summary>
public abstract class TriggerBindingAttribute : BindingAttribute
{
}
