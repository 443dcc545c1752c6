"""The headings of client lists, as data: what each column of a list may be called.

A heading is compared by its letters and digits alone, in lower case: "E-mail Address" is "emailaddress".
Within one target the names stand in order of preference: where a list has several of them, the first is
taken. Address fields are named once and combined with every group ("Mailing Street", "Billing City").
"""

from __future__ import annotations

from typing import Final

# Columns that stand for themselves. QuickBooks, HubSpot, ConnectWise, Outlook, Salesforce and Xero
# exports were the source of the names.
PLAIN: Final[dict[str, tuple[str, ...]]] = {
    "number": (
        *("clientid", "clientnumber", "clientno", "customerid", "customernumber", "customerno"),
        *("accountnumber", "accountno", "acctno", "acctnumber", "accountid", "companyid", "companyrecid"),
        *("recordid", "contactid", "number", "id", "no"),
    ),
    "company": (
        *("company", "companyname", "organization", "organisation", "organizationname", "accountname"),
        *("business", "businessname", "firm", "firmname", "employer", "associatedcompany"),
    ),
    "name": (
        *("name", "client", "clientname", "customer", "customername", "displayname", "customerdisplayname"),
        "customerfullname",
    ),
    "contact": (
        *("contact", "contactname", "primarycontact", "primarycontactname", "maincontact", "contactperson"),
        *("attention", "attn", "attentionto", "fullname", "defaultcontact"),
    ),
    "title": ("honorific", "courtesytitle", "prefix", "nameprefix", "mrmsmrs", "mrmrsms", "mrms", "title"),
    "first-name": ("firstname", "first", "givenname", "forename", "contactfirstname", "fname"),
    "last-name": ("lastname", "last", "surname", "familyname", "contactlastname", "lname"),
    "salutation": ("salutation", "greeting", "lettersalutation", "dear"),
    "email": (
        *("email", "emailaddress", "email1", "emailaddress1", "email1address", "primaryemail", "mainemail"),
        *("contactemail", "workemail", "businessemail", "companyemail", "clientemail", "customeremail"),
        *("billingemail", "mail", "defaultemail"),
    ),
    "phone": (
        *("phone", "phonenumber", "phone1", "phonenumber1", "mainphone", "primaryphone", "businessphone"),
        *("workphone", "officephone", "companyphone", "clientphone", "customerphone", "contactphone"),
        *("telephone", "tel", "phonenumbers", "telephonenumber", "defaultphone", "mobilephone", "mobile"),
        *("cell", "cellphone", "homephone", "phone2"),
    ),
    "contract": (
        *("contract", "contracttype", "contractkind", "agreement", "agreementtype", "plan", "plantype"),
        *("servicecontract", "serviceagreement", "serviceplan"),
    ),
    "notice": ("noticeterm", "noticeperiod", "noticeterms", "notice", "contractnotice", "noticeclause"),
    "notice-to": (
        *("noticeto", "noticeattention", "noticeattentionto", "noticeattn", "noticecontact"),
        *("noticeaddressee", "noticerecipient", "noticeperson", "legalcontact", "legalattention"),
    ),
    "rate-locked-until": (
        *("ratelockeduntil", "ratelock", "ratelockuntil", "ratelockedthrough", "ratelockthrough"),
        *("ratelockexpires", "pricelock", "pricelockuntil", "pricelockeduntil", "pricelockedthrough"),
    ),
    "max-raise": (
        *("maxraise", "maximumraise", "maxrateraise", "maxincrease", "maximumincrease", "maxrateincrease"),
        *("cap", "ratecap", "raisecap", "increasecap"),
    ),
    "min-months-between": (
        *("minmonthsbetween", "minimummonthsbetween", "minmonthsbetweenraises", "monthsbetweenraises"),
        "minmonthsbetweenincreases",
    ),
    "only-at-renewal": (
        "onlyatrenewal",
        "raiseonlyatrenewal",
        "raisesonlyatrenewal",
        "increaseonlyatrenewal",
    ),
    "renewal": (
        *("renewal", "renewaldate", "renewalday", "contractrenewal", "contractrenewaldate", "renewson"),
        *("agreementrenewal", "agreementrenewaldate", "nextrenewal"),
    ),
    "last-raised": (
        *("lastraised", "lastraisedon", "lastraise", "lastrise", "lastrateraise", "lastrateincrease"),
        *("lastincrease", "lastpriceincrease", "lastrateincreasedate", "lastincreasedate", "lastraisedate"),
        *("dateoflastincrease", "dateoflastraise", "rateslastraised", "ratelastraised"),
    ),
    "tags": ("tags", "tag", "segment", "segments", "labels", "label", "clienttags", "lists"),
    "status": (
        *("status", "clientstatus", "customerstatus", "accountstatus", "companystatus", "active", "isactive"),
        "activestatus",
    ),
    "ended": ("ended", "endedon", "enddate", "clientuntil", "terminated", "terminationdate", "dateended"),
    "since": (
        *("clientsince", "customersince", "since", "startdate", "clientstart", "clientstartdate", "started"),
        *("engagementstart", "engagementdate", "datestarted", "dateacquired"),
    ),
    "newsletter": ("newsletter", "receivesnewsletter", "newsletteroptin", "marketingoptin", "marketingmail"),
    "opted-out": (
        *("optedout", "optout", "optedoutofmarketing", "marketingoptout", "newsletteroptout", "nonewsletter"),
        *("donotmail", "optedoutofnewsletter", "nomarketing", "nomarketingmail"),
    ),
}

ADDRESS: Final[dict[str, tuple[str, ...]]] = {
    "line1": (
        *("address", "address1", "addressline1", "streetaddress", "streetaddress1", "street", "street1"),
        *("streetaddressline1", "streetline1", "line1", "addressstreet", "addressstreet1", "fulladdress"),
        "billto",
    ),
    "line2": (
        *("address2", "addressline2", "streetaddress2", "street2", "streetaddressline2", "streetline2"),
        *("line2", "suite", "suiteunit", "unit", "ste", "apt", "apartment", "aptsuite", "suiteapt"),
        *("addressstreet2", "unitsuite", "suitenumber", "unitnumber"),
    ),
    "city": (
        *("city", "town", "citytown", "towncity", "locality", "addresscity", "cityname"),
        *("citystatezip", "citystatezipcode", "citystzip", "citystateandzip", "citystate", "cityandstate"),
    ),
    "state": (
        *("state", "stateprovince", "stateregion", "province", "region", "stateprovinceregion", "statecode"),
        *("stateprovincecode", "addressstate", "stateabbreviation", "provincestate", "stateorprovince"),
    ),
    "zip": (
        *(
            "zip",
            "zipcode",
            "postalcode",
            "zippostalcode",
            "postcode",
            "zippostal",
            "zip5",
            "ziporpostalcode",
        ),
        *("addresszip", "addresspostalcode", "postalzip", "postalzipcode", "zippostcode"),
    ),
    "country": ("country", "countryregion", "countrycode", "countryname", "addresscountry", "nation"),
}

# The group that has most of street, city, state and ZIP is taken; among equals the first.
GROUPS: Final = (
    *("mailing", "mail", "", "billing", "billto", "bill", "po", "business", "work", "office", "primary"),
    *("main", "company", "client", "customer", "account", "organization", "contact", "home"),
)
NOTICE_GROUPS: Final = (
    "notice",
    "notices",
    "noticesto",
    "legalnotice",
    "legalnotices",
    "contractnotice",
    "legal",
)

# "… rate" headings that are no rate of a service.
NO_SERVICE: Final = frozenset(
    (
        *("tax", "sales tax", "vat", "discount", "exchange", "interest", "commission", "churn", "open"),
        *("click", "response", "growth", "conversion", "win", "close", "bounce", "pay", "cost"),
        *("hr", "hour", "per hr", "per hour"),  # of which service it is, only a person knows
    )
)
