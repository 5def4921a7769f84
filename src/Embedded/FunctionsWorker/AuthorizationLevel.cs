namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which access key an HTTP trigger asks for. The embedded host binds loopback only and asks for none.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}
