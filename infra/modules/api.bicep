// The function app (src/Functions) on Flex Consumption: the API, the timers and the control queue's trigger.

param location string
param tags { *: string }
param token string
param maxInstances int
param memory int

@description('The identity that it signs in by.')
param identityName string

@description('The storage account\'s blobs and queues, the container that is the storage root, and the container of the app\'s package.')
param blobs string
param queues string
param container string
param deployments string

@description('The index\'s connection string, without a password.')
param index string

@description('The connection string of Application Insights; it takes tokens alone.')
param applicationInsights string

@description('Who may call, beside or in place of the keys that Azure keeps (docs/security.md); to the app, what is empty isn\'t set.')
@secure()
param adminKey string
param entraTenantId string
param entraAudience string
param entraTenantClaim string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-dbatch-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: 'func-dbatch-${token}'
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    siteConfig: { minTlsVersion: '1.2' }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: { instanceMemoryMB: memory, maximumInstanceCount: maxInstances }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deployments
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      AzureWebJobsStorage__blobServiceUri: blobs
      AzureWebJobsStorage__queueServiceUri: queues
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.properties.clientId
      Pipeline__Container: container
      Pipeline__Index: index
      Pipeline__IndexByIdentity: 'true'
      OTEL_SERVICE_NAME: 'dbatch-api'
      APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
      Access__AdminKey: adminKey
      Access__Entra__TenantId: entraTenantId
      Access__Entra__Audience: entraAudience
      Access__Entra__TenantClaim: entraTenantClaim
    }
  }

  // Packages are put in place by who is signed in, never by a password.
  resource ftp 'basicPublishingCredentialsPolicies' = { name: 'ftp', properties: { allow: false } }
  resource scm 'basicPublishingCredentialsPolicies' = { name: 'scm', properties: { allow: false } }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
