using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function on an HTTP request whose method and route match.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    public HttpTriggerAttribute()
    {
    }

    public HttpTriggerAttribute(params string[] methods)
        : this(AuthorizationLevel.Function, methods)
    {
    }

    public HttpTriggerAttribute(AuthorizationLevel authLevel)
        : this(authLevel, null!)
    {
    }

    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    /// <summary>The key that a caller needs in Azure.</summary>
    public AuthorizationLevel AuthLevel { get; } = AuthorizationLevel.Function;

    /// <summary>Accepted methods, case ignored; null accepts all.</summary>
    public string[]? Methods { get; }

    /// <summary>The route under the prefix <c>api/</c>; null means the function's name.</summary>
    public string? Route { get; set; }
}
