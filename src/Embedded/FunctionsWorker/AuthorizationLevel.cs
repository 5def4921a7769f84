namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Which access key an HTTP trigger asks for, in the header <c>x-functions-key</c> or in <c>?code=</c>. The embedded
/// host reads keys from the settings <c>FunctionKeys:NAME</c> and <c>MasterKey</c>; it asks for none where none is set
/// and the app listens on the loopback address alone.
/// </summary>
public enum AuthorizationLevel
{
    /// <summary>None.</summary>
    Anonymous = 0,

    /// <summary>Not supported by the service either: as <see cref="Admin"/>.</summary>
    User = 1,

    /// <summary>A function key or the master key.</summary>
    Function = 2,

    /// <summary>The master key.</summary>
    System = 3,

    /// <summary>The master key.</summary>
    Admin = 4,
}
