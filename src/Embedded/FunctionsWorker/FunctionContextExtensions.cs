using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>ASP.NET Core's side of an invocation.</summary>
public static class FunctionContextExtensions
{
    /// <summary>The request that started the invocation, or null where something else did.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<HttpContext>();
    }
}
