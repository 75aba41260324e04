/* d3d12.dll over the vkd3d library: Wine 8's own one is too old for DirectML. Only what DirectML and ONNX Runtime call. */
#define COBJMACROS
#define INITGUID
#include <windows.h>
#include <dxgi1_4.h>
#include <d3d12.h>
#include <vkd3d.h>

static SRWLOCK lock = SRWLOCK_INIT;
static ID3D12Device *device; /* Direct3D 12 has one device for an adapter; this one lives as long as the process. */
static LUID device_luid;

static HRESULT signal_event(HANDLE event)
{
    return SetEvent(event) ? S_OK : E_FAIL;
}

/* The adapter that was asked for, or the first one. The caller releases it. */
static IDXGIAdapter *find_adapter(IUnknown *wanted)
{
    IDXGIAdapter *adapter = NULL;

    if (wanted)
        IUnknown_QueryInterface(wanted, &IID_IDXGIAdapter, (void **)&adapter);
    else
    {
        HRESULT (WINAPI *create)(REFIID, void **) = (void *)GetProcAddress(LoadLibraryA("dxgi.dll"), "CreateDXGIFactory1");
        IDXGIFactory1 *factory;

        if (create && SUCCEEDED(create(&IID_IDXGIFactory1, (void **)&factory)))
        {
            IDXGIFactory1_EnumAdapters(factory, 0, &adapter);
            IDXGIFactory1_Release(factory);
        }
    }
    return adapter;
}

static HRESULT create_device(IDXGIAdapter *adapter, LUID luid, D3D_FEATURE_LEVEL level, ID3D12Device **created)
{
    static const char *const extensions[] =
    {
        "VK_KHR_external_memory_capabilities",
        "VK_KHR_get_physical_device_properties2",
    };
    const struct vkd3d_application_info application =
    {
        .type = VKD3D_STRUCTURE_TYPE_APPLICATION_INFO,
        .api_version = VKD3D_API_VERSION_1_2,
    };
    const struct vkd3d_optional_instance_extensions_info optional =
    {
        .type = VKD3D_STRUCTURE_TYPE_OPTIONAL_INSTANCE_EXTENSIONS_INFO,
        .next = &application,
        .extensions = extensions,
        .extension_count = ARRAYSIZE(extensions),
    };
    const struct vkd3d_instance_create_info instance =
    {
        .type = VKD3D_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
        .next = &optional,
        .pfn_signal_event = signal_event,
        .wchar_size = sizeof(WCHAR),
        .pfn_vkGetInstanceProcAddr = (void *)GetProcAddress(LoadLibraryA("vulkan-1.dll"), "vkGetInstanceProcAddr"),
    };
    const struct vkd3d_device_create_info info =
    {
        .type = VKD3D_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
        .minimum_feature_level = level,
        .instance_create_info = &instance,
        .parent = (IUnknown *)adapter,
        .adapter_luid = luid,
    };

    if (!instance.pfn_vkGetInstanceProcAddr)
        return E_FAIL;
    return vkd3d_create_device(&info, &IID_ID3D12Device, (void **)created);
}

HRESULT WINAPI D3D12CreateDevice(IUnknown *wanted, D3D_FEATURE_LEVEL level, REFIID iid, void **out)
{
    IDXGIAdapter *adapter = find_adapter(wanted);
    DXGI_ADAPTER_DESC description = {0};
    HRESULT result = S_OK;

    if (!adapter)
        return E_INVALIDARG;
    IDXGIAdapter_GetDesc(adapter, &description);

    AcquireSRWLockExclusive(&lock);
    if (device && memcmp(&device_luid, &description.AdapterLuid, sizeof(device_luid)))
        result = E_FAIL; /* A second adapter: there is none in software. */
    else if (!device && SUCCEEDED(result = create_device(adapter, description.AdapterLuid, level, &device)))
        device_luid = description.AdapterLuid;
    ReleaseSRWLockExclusive(&lock);

    IDXGIAdapter_Release(adapter);
    if (FAILED(result))
        return result;
    return out ? ID3D12Device_QueryInterface(device, iid, out) : S_FALSE;
}

HRESULT WINAPI D3D12GetDebugInterface(REFIID iid, void **out)
{
    if (out)
        *out = NULL;
    return E_NOTIMPL;
}

HRESULT WINAPI D3D12EnableExperimentalFeatures(UINT count, const IID *iids, void *configurations, UINT *sizes)
{
    return E_NOTIMPL;
}

HRESULT WINAPI D3D12SerializeRootSignature(const D3D12_ROOT_SIGNATURE_DESC *description, D3D_ROOT_SIGNATURE_VERSION version,
        ID3DBlob **blob, ID3DBlob **error)
{
    return vkd3d_serialize_root_signature(description, version, blob, error);
}

HRESULT WINAPI D3D12SerializeVersionedRootSignature(const D3D12_VERSIONED_ROOT_SIGNATURE_DESC *description,
        ID3DBlob **blob, ID3DBlob **error)
{
    return vkd3d_serialize_versioned_root_signature(description, blob, error);
}

HRESULT WINAPI D3D12CreateRootSignatureDeserializer(const void *data, SIZE_T size, REFIID iid, void **out)
{
    return vkd3d_create_root_signature_deserializer(data, size, iid, out);
}

HRESULT WINAPI D3D12CreateVersionedRootSignatureDeserializer(const void *data, SIZE_T size, REFIID iid, void **out)
{
    return vkd3d_create_versioned_root_signature_deserializer(data, size, iid, out);
}
