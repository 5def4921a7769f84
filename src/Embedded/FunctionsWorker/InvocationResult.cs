namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a function returned; middleware may read and replace it.</summary>
public abstract class InvocationResult : InvocationResult<object>
{
}
