using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DiffusionBatch.Pipeline.Webhooks;

/// <summary>Signatures as Standard Webhooks has them: HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
internal static class WebhookSigning
{
    const string Prefix = "whsec_";

    const int SecretBytes = 32;

    /// <summary>A new secret: <c>whsec_</c> and 32 random bytes in Base64.</summary>
    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The header <c>webhook-signature</c>.</summary>
    /// <param name="secret">The webhook's secret.</param>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>, seconds since 1970.</param>
    /// <param name="body">The body.</param>
    public static string Sign(string secret, string id, long timestamp, string body)
    {
        byte[] content = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"));
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), content));
    }
}
