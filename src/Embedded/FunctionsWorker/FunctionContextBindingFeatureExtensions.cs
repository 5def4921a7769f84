using Microsoft.Azure.Functions.Worker.Hosting.Invocation;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The bindings of an invocation, for middleware.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>What the function returned; before it has run, a value that middleware may set instead.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<ReturnedValue>() ?? throw new InvalidOperationException("This context has no invocation.");
    }
}
